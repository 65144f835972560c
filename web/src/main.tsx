import './theme/mantine.js'
import './theme/fonts.css'
import './theme/base.css'
import './language/i18n.js'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './app/app.js'
import { keepFocus } from './app/focus-kept.js'
import { reloadAfterUpdate } from './app/rescue.js'

reloadAfterUpdate()
keepFocus()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
