// The contrast of texts in drawings, which axe cannot measure.

export const isDrawing = (node) => node.html.startsWith('<text');

// Texts in drawings that stand out less than 4.5 : 1 from what is behind them (runs in the page).
export function faintDrawings() {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue].map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = numbers(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('svg text')].filter((text) => {
    const two = [light(numbers(getComputedStyle(text).fill)), light(behind(text))].sort((a, b) => b - a);
    return (two[0] + 0.05) / (two[1] + 0.05) < 4.5;
  }).map((text) => text.textContent);
}
