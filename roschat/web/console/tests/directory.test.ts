/** The directory's card, filter and times between the server and the screen. */
import { ApiError } from "@console/api/client.ts";
import { chooseLanguage } from "@console/words.ts";
import { describe, expect, it } from "vitest";
import { fieldsOf, nextExtra, placed, valuesOf } from "../../../modules/server/console/directory/card.ts";
import { filterOf, searchOf } from "../../../modules/server/console/directory/filter.ts";
import { seenText } from "../../../modules/server/console/directory/seen.ts";
import { massEditLink, selectionFrom } from "../../../modules/server/console/directory/selection.ts";
import { words } from "../../../modules/server/console/directory/words.ts";

describe("when somebody was last online", () => {
  const DAY = 86_400;
  it.each([
    [0, "Был в сети только что"],
    [60, "Был в сети 1 минуту назад"],
    [3 * 3600, "Был в сети 3 часа назад"],
    [5 * DAY, "Был в сети 5 дней назад"],
    [11 * DAY, "Был в сети 11 дней назад"],
    [21 * DAY, "Был в сети 21 день назад"],
    [22 * DAY, "Был в сети 22 дня назад"],
  ])("%i seconds ago: %s", (ago, text) => {
    chooseLanguage("ru");
    expect(seenText({ status: "offline", seenTime: 1_000_000_000 - ago }, words.say, 1_000_000_000)).toBe(text);
  });
  it("is said of those who are there, and who never were", () => {
    chooseLanguage("ru");
    expect(seenText({ status: "online" }, words.say)).toBe("В сети");
    expect(seenText({}, words.say)).toBe("Ещё не был в сети");
  });
});

describe("a card", () => {
  const fields = [
    { type: "surname", value: "Ким" },
    { type: "number", value: "1" },
    { type: "number", value: "2" },
    { type: "custom", name: "Пропуск", value: "Т" },
    { type: "custom", name: "Этаж", value: "3" },
  ];
  it("comes back from the form as it went in", () => {
    const { values, extras } = valuesOf({ fields });
    expect(extras.map((one) => one.input)).toEqual(["number.1", "custom", "custom.1"]);
    expect(fieldsOf(values, extras).fields).toEqual(fields);
  });
  it("tells what is wrong beside the input, also when one before it is empty", () => {
    const { values, extras } = valuesOf({ fields });
    const { fields: sent, inputs } = fieldsOf({ ...values, number: "" }, extras);
    const told = placed(
      new ApiError("number-taken", "", 400, { number: "taken", "custom.1": "too-long" }),
      sent,
      inputs,
    );
    expect((told as ApiError).fields).toEqual({ "number.1": "taken", "custom.1": "too-long" });
  });
  it("gives further inputs names of their own", () => {
    const one = nextExtra([], "number");
    expect([one.input, nextExtra([one], "number").input, nextExtra([one], "custom", "A").input]).toEqual([
      "number.1",
      "number.2",
      "custom",
    ]);
  });
});

describe("what is sought", () => {
  it("stands in the address", () => {
    const filter = { text: "ким", account: "with", fields: [{ type: "department", value: "ИТ" }] };
    expect(filterOf(searchOf(filter))).toEqual(filter);
    expect(searchOf({ fields: [{ type: "department", value: " " }] })).toBe("");
    expect(filterOf("?filter=%7Bbroken&text=x")).toEqual({ text: "x" });
  });
  it("is handed to mass edit", () => {
    const link = massEditLink({ cids: [1, 2] });
    expect(selectionFrom(link.slice(link.indexOf("?")))).toEqual({ cids: [1, 2] });
    expect(selectionFrom("?selection=broken")).toBeUndefined();
    expect(selectionFrom("")).toBeUndefined();
  });
});
