import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useNotices } from './notices.tsx'
import { saveStream } from './save-stream.ts'

type Props = {
  readonly label: string
  /** Of the file, with its ending. */
  readonly name: string
  readonly fetchFile: () => Promise<ReadableStream<Uint8Array>>
}

/** Saves an export of the API, all rows as the server writes them. */
export const ExportButton = ({ label, name, fetchFile }: Props) => {
  const notices = useNotices()
  const [isBusy, setBusy] = useState(false)
  const download = async (): Promise<void> => {
    setBusy(true)
    try {
      await saveStream(await fetchFile(), name, 'text/csv')
    } catch (error) {
      notices.failed(error)
    }
    setBusy(false)
  }
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={isBusy}
      onClick={download}
    >
      {label}
    </Button>
  )
}
