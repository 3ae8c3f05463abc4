import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useWords } from '../../faces/words.ts'
import classes from './code-block.module.css'

type Props = { readonly text: string; readonly label: string }

/** JSON, a command, a condition: left to right in every language, with a button that copies it. */
export const CodeBlock = ({ text, label }: Props) => {
  const { t } = useWords()
  return (
    <div className={classes.block} dir="ltr">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by the keyboard too */}
      <section className={classes.scroll} tabIndex={0} aria-label={label}>
        <pre className={classes.code}>{text}</pre>
      </section>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'common.copied' : 'common.copy')}>
            <ActionIcon
              className={classes.copy}
              variant="default"
              aria-label={t(copied ? 'common.copied' : 'common.copy')}
              onClick={copy}
            >
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  )
}

/** Anything that JSON can tell. */
export const JsonBlock = ({ value, label }: { readonly value: unknown; readonly label: string }) => (
  <CodeBlock text={JSON.stringify(value, null, 2)} label={label} />
)
