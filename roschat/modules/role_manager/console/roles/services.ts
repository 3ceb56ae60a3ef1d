/** The names of services in lists of people. */
import { defineWords } from "@console/words.ts";

export const serviceNames = defineWords({
  ru: {
    computer: "Компьютерный клиент",
    mobile: "Мобильный телефон",
    sip: "SIP",
    radio: "Рация",
    tetra: "TETRA",
    videomost: "Videomost",
    "pbx-sip": "АТС: SIP",
    "pbx-analog": "АТС: аналоговый",
    "pbx-dect": "АТС: DECT",
    "pbx-isdn-tdm": "АТС: ISDN TDM",
    "pbx-fxs": "АТС: FXS",
    "pbx-isdn": "АТС: ISDN",
    "dx500-sip": "DX-500: SIP",
    "dx500-cta": "DX-500: ЦТА",
    "dx500-ata": "DX-500: АТА",
  },
  en: {
    computer: "Computer client",
    mobile: "Mobile phone",
    sip: "SIP",
    radio: "Radio",
    tetra: "TETRA",
    videomost: "Videomost",
    "pbx-sip": "PBX: SIP",
    "pbx-analog": "PBX: analogue",
    "pbx-dect": "PBX: DECT",
    "pbx-isdn-tdm": "PBX: ISDN TDM",
    "pbx-fxs": "PBX: FXS",
    "pbx-isdn": "PBX: ISDN",
    "dx500-sip": "DX-500: SIP",
    "dx500-cta": "DX-500: CTA",
    "dx500-ata": "DX-500: ATA",
  },
});
