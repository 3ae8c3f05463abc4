import { Badge, Group } from '@mantine/core'
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
    <Group gap={8} wrap="nowrap" component="span" display="inline-flex">
      <Badge variant="default" tt="none" fw={500} size="sm" component="span" style={{ flex: 'none' }}>
        {typeWords(type)}
      </Badge>
      <bdi dir="ltr" style={{ overflowWrap: 'break-word', minWidth: 0 }}>
        {value}
      </bdi>
    </Group>
  )
}
