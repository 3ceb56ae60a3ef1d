import { defineWords } from "@console/words.ts";

export const words = defineWords({
  ru: {
    title: "Дополнительно",
    text: "Обновления клиентов, подтверждение входа, регистрация и уведомления.",
    updates: "Сервер обновлений",
    "updates.text": "Компьютерные клиенты могут обновляться с выделенного сервера, например в сети без интернета.",
    factor: "Двухфакторная авторизация",
    "factor.text":
      "При входе с нового устройства нужен код, отправленный по электронной почте. Требуется настроенная почта.",
    registration: "Регистрация новых пользователей",
    "registration.text": "Могут ли люди сами завести учётную запись при первом подключении к серверу.",
    push: "Push-уведомления",
    "push.text": "Что видно на экране телефона, когда приходит сообщение.",
  },
  en: {
    title: "Additional",
    text: "Updates of clients, confirmation of sign-ins, registration and notifications.",
    updates: "Update server",
    "updates.text": "Desktop clients can be updated from a server of your own, as in a network without internet.",
    factor: "Two-factor sign-in",
    "factor.text": "A sign-in from a new device needs a code that is sent by mail. Mail must be set up.",
    registration: "Registration of new people",
    "registration.text": "Whether people may make an account themselves when they first connect to the server.",
    push: "Push notifications",
    "push.text": "What a telephone shows when a message comes.",
  },
});
