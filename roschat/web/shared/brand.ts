/** The colour of the product in ten shades, the lightest first. Shade 6 bears white text at AA contrast. */
export const brand = [
  "#eaf1ff",
  "#d3e0ff",
  "#a9c1ff",
  "#7c9fff",
  "#5681f8",
  "#3a6aec",
  "#2458d3",
  "#1d49b3",
  "#173b92",
  "#112d71",
] as const;

/** A label is for a role; the spinner is a span that has none of itself. */
export const spinner = { defaultProps: { role: "status" } };
