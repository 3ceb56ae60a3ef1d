/** The colours and shapes of the product. Shade 6 of the brand bears white text at AA contrast. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";
import { brand, spinner } from "@roschat/shared/brand.ts";

const dark: MantineColorsTuple = [
  "#e7ecf5",
  "#c3cce2",
  "#9dabc3",
  "#66728a",
  "#3a4459",
  "#273042",
  "#1f2736",
  "#151b26",
  "#10151f",
  "#0c1119",
];

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: 6,
  colors: { brand, dark },
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', Roboto, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "650" },
  defaultRadius: "md",
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Loader: spinner,
  },
});
