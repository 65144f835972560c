import i18next from 'i18next'

import { enGb } from './en-gb.js'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof enGb }
  }
}

void i18next.init({
  lng: 'en-GB',
  fallbackLng: 'en-GB',
  initAsync: false,
  resources: { 'en-GB': { translation: enGb } },
  // React escapes.
  interpolation: { escapeValue: false },
})

/** The text for a key of the catalogue, in the person's language. */
export const t = i18next.t
