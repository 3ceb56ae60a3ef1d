import { defineWords } from "@console/words.ts";

export const words = defineWords({
  ru: {
    title: "Регистрации",
    about: "Люди, которые зарегистрировались сами и ждут решения.",
    rules: "Регистрация новых пользователей",
    person: "Фамилия и имя",
    email: "E-mail и логин",
    address: "Откуда",
    created: "Когда",
    approve: "Одобрить",
    approved: "Учётная запись создана",
    refuse: "Отказать",
    refuseText: "{email} не получит учётную запись и месяц не сможет попросить снова.",
    none: "Никто не ждёт",
    noneText: "Новые заявки появятся здесь.",
  },
  en: {
    title: "Registrations",
    about: "People who registered themselves and wait for a decision.",
    rules: "Registration of new people",
    person: "Surname and name",
    email: "E-mail and login",
    address: "From",
    created: "When",
    approve: "Approve",
    approved: "The account was made",
    refuse: "Refuse",
    refuseText: "{email} gets no account and cannot ask again for a month.",
    none: "Nobody waits",
    noneText: "New wishes appear here.",
  },
});
