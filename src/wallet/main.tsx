import '../faces/theme.css'
import '../faces/plain.css'
import './wallet.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startColours } from '../faces/colours.ts'
import { startWords } from '../faces/words.ts'
import { App } from './app.tsx'

startColours()
await startWords(import.meta.glob<string>('./words/*/*.json', { query: '?url', import: 'default', eager: true }))
createRoot(document.getElementById('face')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
