import { Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useSignIn, useSignInLink } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { SignIn } from '../../sdk/index.ts'
import { Problem } from '../parts/problem.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Preferences } from '../shell/preferences.tsx'
import classes from './sign-in.module.css'

/** `#token=…` of a sign-in link. After the hash, so that no server and no log of one ever sees it. */
const readToken = (): string | undefined => new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined

/** Only to a page of this console, whatever somebody wrote into the address. */
const insideOf = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/'

type FormProps = {
  readonly onSubmit: (given: SignIn) => void
  readonly isPending: boolean
  readonly error: unknown
}

const PasswordForm = ({ onSubmit, isPending, error }: FormProps) => {
  const { t } = useWords()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit({ email, password })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={1} size="h2">
          {t('signIn.title')}
        </Title>
        {error !== null && <Problem error={error} />}
        <TextInput
          label={t('signIn.email')}
          type="email"
          name="email"
          autoComplete="username"
          dir="ltr"
          required
          value={email}
          onChange={event => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('signIn.password')}
          name="password"
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={isPending} fullWidth>
          {t('signIn.submit')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('signIn.forgotten')}
        </Text>
      </Stack>
    </form>
  )
}

const LinkForm = ({ token, onSubmit, isPending, error }: FormProps & { readonly token: string }) => {
  const { t } = useWords()
  const link = useSignInLink(token)
  const [given, setGiven] = useState({ email: '', name: '', password: '' })
  const isFirst = link.data?.kind === 'first'
  const name = given.name || (link.data?.name ?? '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit({ signInToken: token, password: given.password, name, ...(isFirst ? { email: given.email } : {}) })
  }
  const isVisit = link.data?.kind === 'visit'
  const hasSubmitted = useRef(false)
  useEffect(() => {
    if (!isVisit || hasSubmitted.current) return
    hasSubmitted.current = true
    onSubmit({ signInToken: token })
  }, [isVisit, token, onSubmit])
  if (link.error) return <Problem error={link.error} onRetry={() => link.refetch()} />
  // A demo asks for nothing.
  if (link.isPending || isVisit) return error === null ? <Waiting /> : <Problem error={error} />
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={1} size="h2">
          {t(isFirst ? 'signIn.first.title' : 'signIn.link.title')}
        </Title>
        <Text c="dimmed">{t(isFirst ? 'signIn.first.text' : 'signIn.link.text')}</Text>
        {error !== null && <Problem error={error} />}
        <TextInput
          label={t('signIn.name')}
          name="name"
          autoComplete="name"
          required
          value={name}
          onChange={event => setGiven({ ...given, name: event.currentTarget.value })}
        />
        <TextInput
          label={t('signIn.email')}
          type="email"
          name="email"
          autoComplete="username"
          dir="ltr"
          required
          readOnly={!isFirst}
          value={isFirst ? given.email : (link.data?.email ?? '')}
          onChange={event => setGiven({ ...given, email: event.currentTarget.value })}
        />
        <PasswordInput
          label={t('signIn.newPassword')}
          description={t('signIn.passwordHint')}
          name="new-password"
          autoComplete="new-password"
          required
          minLength={12}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          value={given.password}
          onChange={event => setGiven({ ...given, password: event.currentTarget.value })}
        />
        <Button type="submit" loading={isPending} fullWidth>
          {t('signIn.setPassword')}
        </Button>
      </Stack>
    </form>
  )
}

/** The door: by e-mail and password, or by a link that lets somebody choose a password. */
export const Page = () => {
  const [token] = useState(readToken)
  const search = useSearch({ strict: false }) as { readonly next?: unknown }
  const navigate = useNavigate()
  const router = useRouter()
  const signIn = useSignIn()
  const submit = (given: SignIn): void =>
    signIn.mutate(given, {
      onSuccess: () => {
        // The token is used up; neither it nor this page is to come back by the back button.
        void navigate({ to: '/', replace: true }).then(() => router.history.replace(insideOf(search.next)))
      },
    })
  const form = { onSubmit: submit, isPending: signIn.isPending, error: signIn.error }
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Stack gap="lg">
          <Group gap="xs">
            <img src="/icon.svg" width={32} height={32} alt="" />
            <Text fw={650} size="lg">
              Tessera
            </Text>
          </Group>
          {token === undefined ? <PasswordForm {...form} /> : <LinkForm token={token} {...form} />}
        </Stack>
      </div>
      <div className={classes.preferences}>
        <Preferences />
      </div>
    </main>
  )
}
