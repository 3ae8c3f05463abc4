import { api } from '../api.ts'

/** All that the business keeps of her, as a page to read and print, saved where the browser saves. */
export const saveExport = async (): Promise<void> => {
  const stream = await api.exportMyself({ format: 'html' })
  const page = await new Response(stream).blob()
  const address = URL.createObjectURL(new Blob([page], { type: 'text/html' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `wallet-${new Date().toISOString().slice(0, 10)}.html`
  link.click()
  URL.revokeObjectURL(address)
}
