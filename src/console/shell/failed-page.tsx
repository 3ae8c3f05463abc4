import { Button, Container, Stack } from '@mantine/core'
import { useWords } from '../../faces/words.ts'
import { Problem } from '../parts/problem.tsx'

/** Instead of a page that broke. */
export const FailedPage = ({ error }: { readonly error: unknown }) => {
  const { t } = useWords()
  return (
    <Container component="main" size="sm" py="xl">
      <Stack align="flex-start">
        <Problem error={error} />
        <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
      </Stack>
    </Container>
  )
}
