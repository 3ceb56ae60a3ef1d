/** A small set of emoji that people really use, by theme. */
import type { Key } from "../words/index.ts";

export const EMOJI: { name: Key; all: string[] }[] = [
  {
    name: "emoji.faces",
    all: [..."😀😃😄😁😆😅😂🤣🙂😉😊😇🥰😍😘😋😜🤪🤗🤔🤨😐😏🙄😬😌😔😴🤒🤕🤯🥳😎🤓😕😟😮😲😳🥺😢😭😱😤😡🤬😈💀🤡👻🤖"],
  },
  {
    name: "emoji.hands",
    all: [..."👍👎👌🤌🤏🤞🤟🤘👈👉👆👇👋🖐🙌👏🤝🙏💪🤷🤦🙋🙅🙆👀🧠"],
  },
  {
    name: "emoji.nature",
    all: [..."🌞🌝⭐🌟✨⚡🔥🌈🌧🌊🌱🌲🌸🌹🍀🍂🐶🐱🐭🦊🐻🐼🐸🐝🦄🐢🐙🐳"],
  },
  {
    name: "emoji.food",
    all: [..."🍎🍊🍋🍌🍉🍇🍓🍒🥑🥕🍞🧀🍕🍔🌭🍟🍣🍜🍰🎂🍩🍪🍫☕🍵🍺🍷🥂"],
  },
  {
    name: "emoji.work",
    all: [..."💼📁📂📅📌📎📊📈📉📝🔍🔒🔑🔧🔨💻📱📞📧📦🚀🚗🚌🏠🏢🏭⏰⌛💡💰🎯🏆🎁🎉🎈🎵"],
  },
  {
    name: "emoji.signs",
    all: [
      "❤️",
      "🧡",
      "💛",
      "💚",
      "💙",
      "💜",
      "🖤",
      "💔",
      "💯",
      "✅",
      "☑️",
      "❌",
      "❗",
      "❓",
      "⚠️",
      "⛔",
      "🔴",
      "🟡",
      "🟢",
      "🔵",
      "➕",
      "➖",
      "➡️",
      "⬅️",
      "🔔",
      "🔕",
      "♻️",
      "🏁",
    ],
  },
];
