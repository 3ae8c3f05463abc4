import { Button, Container, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useWords } from '../../faces/words.ts'

export const NoSuchPage = () => {
  const { t } = useWords()
  return (
    <Container component="main" size="sm" py="xl">
      <Stack align="flex-start">
        <Title order={1}>{t('shell.noSuchPage.title')}</Title>
        <Text>{t('shell.noSuchPage.text')}</Text>
        <Button component={Link} to="/">
          {t('shell.noSuchPage.home')}
        </Button>
      </Stack>
    </Container>
  )
}
