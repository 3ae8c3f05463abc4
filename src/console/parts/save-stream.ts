/** Saves what an export answers as a file. */
export const saveStream = async (stream: ReadableStream<Uint8Array>, name: string, type: string): Promise<void> => {
  const bytes = await new Response(stream).arrayBuffer()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes], { type }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
