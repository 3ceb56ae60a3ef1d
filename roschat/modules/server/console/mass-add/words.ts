import { defineWords } from "@console/words.ts";

export const words = defineWords({
  ru: {
    title: "Массовое добавление",
    about: "Карточки, учётные записи и сервисы сразу для многих. Сначала показывается, что получится.",
    numbers: "Списочные номера",
    first: "Первый номер",
    count: "Сколько контактов",
    step: "Шаг",
    name: "Начало фамилии",
    nameHint: "За ним стоит номер: «Абонент 1001»",
    range: "Номера с {first} по {last}",
  },
  en: {
    title: "Mass adding",
    about: "Cards, accounts and services for many at once. What comes of it is shown first.",
    numbers: "List numbers",
    first: "First number",
    count: "How many contacts",
    step: "Step",
    name: "Beginning of the surname",
    nameHint: "The number stands after it: “Subscriber 1001”",
    range: "Numbers from {first} to {last}",
  },
});
