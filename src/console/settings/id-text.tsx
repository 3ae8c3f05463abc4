import { Code, Text } from '@mantine/core'

/** What something is called, and what the API calls it. */
export const IdText = ({ id, name }: { readonly id: string; readonly name: string }) => (
  <>
    <Text size="sm" fw={600}>
      <bdi>{name}</bdi>
    </Text>
    <Code dir="ltr" bg="transparent" px={0} c="dimmed">
      {id}
    </Code>
  </>
)
