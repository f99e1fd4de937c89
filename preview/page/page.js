"use strict";

/*
 * What the page does in a browser: it lights up on the drawing what is selected, filters lists, and remembers the theme.
 * Everything is readable without it.
 */

(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // The theme: the system's, until the reader chooses.

  const themeKey = "bulkhead-theme";
  const themeButton = document.getElementById("theme");
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () =>
    root.dataset.theme === undefined ? systemIsDark.matches : root.dataset.theme === "dark";
  const stored = (write) => {
    try {
      if (write !== undefined) {
        window.localStorage.setItem(themeKey, write);
      }
      return window.localStorage.getItem(themeKey);
    } catch {
      return null; // A browser may refuse to store anything for a file.
    }
  };
  const showTheme = () => {
    if (themeButton !== null) {
      themeButton.textContent = isDark() ? "Light" : "Dark";
      themeButton.setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme");
    }
  };
  const theme = stored();
  if (theme === "light" || theme === "dark") {
    root.dataset.theme = theme;
  }
  themeButton?.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    stored(root.dataset.theme);
    showTheme();
  });
  systemIsDark.addEventListener("change", showTheme);
  showTheme();

  // The drawing.

  const drawings = all("svg.drawing").map((svg) => ({ svg, parts: all("[data-key]", svg) }));
  const said = document.getElementById("said");
  const hint = said?.textContent.trim() ?? "";

  const say = (text) => {
    if (said !== null) {
      said.textContent = text ?? hint;
      said.classList.toggle("hint", text === undefined);
    }
  };

  /** Lights up parts of the drawing by their keys, and dims the rest; nothing is dim where none is lit. */
  const light = (keys, mode) => {
    const lit = new Set(keys);
    for (const { svg, parts } of drawings) {
      svg.classList.toggle("is-lit", lit.size > 0);
      svg.classList.toggle("is-path", lit.size > 0 && mode !== "part");
      svg.classList.toggle("is-advice", lit.size > 0 && mode === "advisory");
      for (const part of parts) {
        part.classList.toggle("lit", lit.has(part.dataset.key));
      }
    }
  };

  /** Scrolls a drawing that is wider than the window until one of its parts is in the middle. */
  const bringIn = (key) => {
    for (const { parts } of drawings) {
      const part = parts.find(({ dataset }) => dataset.key === key);
      const sheet = part?.closest(".sheet");
      if (part !== undefined && part.getClientRects().length > 0 && sheet.scrollWidth > sheet.clientWidth) {
        const { left, width } = part.getBoundingClientRect();
        sheet.scrollLeft += left + width / 2 - sheet.getBoundingClientRect().left - sheet.clientWidth / 2;
      }
    }
  };

  const selectPart = (part, parts) => {
    closeFindings();
    const { key, from, to } = part.dataset;
    const beside = parts.filter(({ dataset }) => dataset.from === key || dataset.to === key);
    light(
      [key, from, to, ...beside.flatMap(({ dataset }) => [dataset.key, dataset.from, dataset.to])],
      "part",
    );
    say(part.getAttribute("aria-label"));
  };

  for (const { svg, parts } of drawings) {
    // One stop of the Tab key; arrow keys go on from there.
    let current = parts.findIndex((part) => part.classList.contains("node"));
    parts[current]?.setAttribute("tabindex", "0");
    const goTo = (index) => {
      parts[current]?.setAttribute("tabindex", "-1");
      current = (index + parts.length) % parts.length;
      parts[current].setAttribute("tabindex", "0");
      parts[current].focus();
    };
    svg.addEventListener("click", ({ target }) => {
      const part = target.closest("[data-key]");
      if (part === null) {
        clear();
      } else {
        selectPart(part, parts);
      }
    });
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        goTo(current + step);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        selectPart(parts[current], parts);
      }
    });
  }

  const stage = document.querySelector(".stage");
  if (stage !== null) {
    const sheet = stage.querySelector(".sheet");
    const sideways = stage.querySelector(".sideways");
    new ResizeObserver(() => {
      const isWider = sheet.scrollWidth > sheet.clientWidth;
      if (isWider && sideways.hidden) {
        bringIn("world");
      }
      sideways.hidden = !isWider;
      root.style.setProperty("--stage", `${stage.offsetHeight}px`);
    }).observe(stage);
  }

  // Findings.

  const findings = all("details.finding");
  let printing = false;

  const closeFindings = (except) => {
    for (const finding of findings) {
      if (finding !== except && finding.open) {
        finding.open = false;
      }
    }
  };

  const clear = () => {
    closeFindings();
    light([], "part");
    say();
  };

  const showFinding = (finding) => {
    closeFindings(finding);
    const keys = JSON.parse(finding.dataset.lit ?? "[]");
    light(keys, finding.dataset.level);
    const what = finding.querySelector(".what")?.textContent.trim() ?? "";
    say(keys.length > 0 ? what : `${what} (Nothing of this is on the drawing.)`);
    bringIn(keys[0]);
    window.history.replaceState(null, "", `#${finding.id}`);
  };

  for (const finding of findings) {
    finding.addEventListener("toggle", () => {
      if (printing) {
        return;
      }
      if (finding.open) {
        showFinding(finding);
      } else if (!findings.some(({ open }) => open)) {
        light([], "part");
        say();
      }
    });
  }

  const shown = () => findings.filter(({ hidden }) => !hidden);
  const stepFrom = (step) => {
    const list = shown();
    const focused = document.activeElement?.closest("details.finding");
    const at = list.findIndex((finding) => finding === focused || (focused === null && finding.open));
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step];
    if (next !== undefined) {
      next.open = true;
      next.querySelector("summary").focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    }
  };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea") !== null;
    if (event.key === "Escape") {
      clear();
    } else if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === "j" || event.key === "k") {
        stepFrom(event.key === "j" ? 1 : -1);
      }
    }
  });

  const filterText = document.getElementById("filter-text");
  const filterLevel = document.getElementById("filter-level");
  const filterRule = document.getElementById("filter-rule");
  const filterCount = document.getElementById("filter-count");
  const texts = new Map();
  const textOf = (element) => {
    if (!texts.has(element)) {
      texts.set(element, element.textContent.toLowerCase());
    }
    return texts.get(element);
  };
  const filterFindings = () => {
    const words = filterText.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const finding of findings) {
      finding.hidden =
        (filterLevel.value !== "" &&
          ![finding.dataset.level, finding.dataset.severity].includes(filterLevel.value)) ||
        (filterRule.value !== "" && finding.dataset.rule !== filterRule.value) ||
        !words.every((word) => textOf(finding).includes(word));
      if (finding.hidden && finding.open) {
        finding.open = false;
      }
    }
    filterCount.textContent = `${shown().length} of ${findings.length}`;
  };
  for (const control of [filterText, filterLevel, filterRule]) {
    control?.addEventListener("input", filterFindings);
  }

  const matrixFilter = document.getElementById("matrix-filter");
  const matrixCount = document.getElementById("matrix-count");
  const rows = all("#connections tbody tr");
  matrixFilter?.addEventListener("input", () => {
    const words = matrixFilter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      row.hidden = !words.every((word) => textOf(row).includes(word));
    }
    matrixCount.textContent = `${rows.filter(({ hidden }) => !hidden).length} of ${rows.length}`;
  });

  // A fragment names a finding, a rule or a section; what it names is opened.

  const followFragment = () => {
    let id;
    try {
      id = decodeURIComponent(window.location.hash.slice(1));
    } catch {
      return;
    }
    const target = id === "" ? null : document.getElementById(id);
    if (target === null) {
      return;
    }
    for (let fold = target.closest("details"); fold !== null; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    if (target.matches("details.finding")) {
      if (target.hidden) {
        filterText.value = filterLevel.value = filterRule.value = "";
        filterFindings();
      }
      target.querySelector("summary").focus({ preventScroll: true });
    }
    target.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", followFragment);
  followFragment();

  // On paper nothing can be opened, so everything is.

  let folded = [];
  window.addEventListener("beforeprint", () => {
    printing = true;
    folded = all("details:not([open])");
    for (const fold of folded) {
      fold.removeAttribute("name");
      fold.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const fold of folded) {
      fold.open = false;
    }
    window.setTimeout(() => {
      printing = false;
    });
  });
})();
