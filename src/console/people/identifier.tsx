import { Badge } from '@mantine/core'
import { useWords } from '../../faces/words.ts'

type Props = { readonly type: string; readonly value: string }

const known = [
  'email',
  'phone',
  'userId',
  'anonymousId',
  'device',
  'loyaltyCard',
  'posCustomer',
  'whatsapp',
  'social',
] as const

/** A type of identifiers in words; a workspace's own is called what the workspace calls it. */
export const useTypeWords = (): ((type: string) => string) => {
  const { t } = useWords()
  return type => (known.some(it => it === type) ? t(`people.type.${type}`) : type)
}

/** What somebody is known by. */
export const Identifier = ({ type, value }: Props) => {
  const typeWords = useTypeWords()
  return (
    <span>
      <Badge variant="default" tt="none" fw={500} size="sm" component="span" style={{ verticalAlign: 'middle' }}>
        {typeWords(type)}
      </Badge>{' '}
      {/* A whole line of its own rather than broken. */}
      <bdi dir="ltr" style={{ display: 'inline-block', maxInlineSize: '100%', overflowWrap: 'break-word' }}>
        {value}
      </bdi>
    </span>
  )
}
