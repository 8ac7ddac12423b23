/** Styles of the page's style sheets that a standalone file needs inline. */
const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'paint-order',
];
const DEFAULTS: Readonly<Record<string, string>> = {
  'stroke-dasharray': 'none',
  stroke: 'none',
  'fill-opacity': '1',
  'paint-order': 'normal',
};

/** A picture of the page as a standalone file: it looks the same without the page's style sheets. */
export function standaloneSvg(shown: SVGSVGElement, title: string): string {
  const copy = shown.cloneNode(true) as SVGSVGElement;
  // The same elements in the same order: one by one.
  const sources = shown.querySelectorAll('*');
  for (const [at, element] of copy.querySelectorAll('*').entries()) copyLooks(sources[at]!, element);
  for (const name of ['class', 'role', 'tabindex', 'aria-activedescendant']) copy.removeAttribute(name);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.prepend(titleOf(copy, title), groundOf(shown, copy));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

function copyLooks(source: Element, target: Element): void {
  const computed = getComputedStyle(source);
  for (const property of LOOKS) {
    const value = computed.getPropertyValue(property);
    if (value !== '' && value !== DEFAULTS[property]) target.setAttribute(property, value);
  }
  for (const name of ['class', 'role', 'aria-selected', 'aria-hidden']) target.removeAttribute(name);
}

function titleOf(svg: SVGSVGElement, text: string): Element {
  const title = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'title');
  title.textContent = text;
  return title;
}

function groundOf(shown: SVGSVGElement, svg: SVGSVGElement): Element {
  const ground = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(shown.ownerDocument.documentElement).backgroundColor);
  return ground;
}
