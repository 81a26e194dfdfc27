// Loads each linked page in a frame of the given width, one after the other, and writes what is wrong into the document.
const width = Number(document.body.dataset.width);
const links = [...document.querySelectorAll("a")].map((link) => link.href);
const report = (text) => {
  const line = document.createElement("p");
  line.className = "measured";
  line.textContent = text;
  document.body.append(line);
};

// Relative luminance and contrast as in WCAG 2.
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};
const parse = (color) => (color.match(/[\d.]+/g) || []).map(Number);
const background = (view, element) => {
  for (let at = element; at; at = at.parentElement) {
    const color = parse(view.getComputedStyle(at).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color.slice(0, 3);
  }
  return [255, 255, 255];
};

const measure = (frame, href) => {
  const page = frame.contentDocument;
  const problems = [];
  const wide = page.documentElement.scrollWidth;
  if (wide > width) {
    const culprit = [...page.querySelectorAll("main *")].find(
      (element) => !element.closest(".scroll, svg, .hidden") && element.getBoundingClientRect().right > width + 1);
    problems.push(`is ${wide} px wide${culprit ? `, because of <${culprit.localName} class="${culprit.className}">` : ""}`);
  }
  const view = frame.contentWindow;
  for (const element of page.querySelectorAll("p, li, td, th, dd, dt, h1, h2, h3, summary, caption, a, span")) {
    if (!element.textContent.trim() || element.closest(".hidden, .skip") || !element.getClientRects().length) continue;
    const style = view.getComputedStyle(element);
    if (parseFloat(style.fontSize) < 12) problems.push(`text of ${style.fontSize} in <${element.localName}>`);
    const ratio = contrast(parse(style.color).slice(0, 3), background(view, element));
    if (ratio < 4.5) problems.push(`contrast ${ratio.toFixed(2)} in <${element.localName} class="${element.className}">`);
  }
  for (const picture of page.querySelectorAll("svg.chart")) {
    const scale = picture.getBoundingClientRect().width / picture.viewBox.baseVal.width;
    for (const text of picture.querySelectorAll("text")) {
      const size = parseFloat(text.getAttribute("font-size")) * scale;
      if (scale > 0 && size < 9) problems.push(`chart text of ${size.toFixed(1)} px`);
    }
  }
  for (const image of page.images) if (!image.naturalWidth) problems.push(`picture ${image.src} does not load`);
  const all = [...new Set(problems)].map((problem) => `${"PROB" + "LEM"} ${href} at ${width} px: ${problem}`);
  report(all.length ? all.join("\n") : `fits ${href}`);
};

const next = (at) => {
  if (at >= links.length) return;
  const frame = document.createElement("iframe");
  frame.style.cssText = `width:${width}px;height:900px;border:0`;
  frame.onload = () => {
    measure(frame, links[at]);
    frame.remove();
    next(at + 1);
  };
  frame.src = links[at];
  document.body.append(frame);
};
next(0);
