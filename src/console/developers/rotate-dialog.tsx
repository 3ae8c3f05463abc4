import { useState } from 'react'
import { useWords } from '../../faces/words.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { GraceField } from './grace-field.tsx'

type Props = {
  readonly name: string
  /** Makes the new key; the old one goes on for so long. */
  readonly rotate: (graceSeconds: number) => Promise<void>
  readonly onClose: () => void
}

/** Asks how long the old key goes on before it makes a new one. */
export const RotateDialog = ({ name, rotate, onClose }: Props) => {
  const { t } = useWords()
  const [graceSeconds, setGrace] = useState(3600)
  return (
    <FormDialog
      title={t('developers.rotate.title', { name })}
      action={t('developers.rotate.action')}
      onClose={onClose}
      onSubmit={() => rotate(graceSeconds)}
    >
      <GraceField seconds={graceSeconds} onSeconds={setGrace} />
    </FormDialog>
  )
}
