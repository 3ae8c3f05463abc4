import type { Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { type AnyEndpoint, isWrite } from '../../contract/endpoint.ts'
import { endpoints } from '../../contract/index.ts'
import { mayCall } from '../../contract/permissions.ts'
import type {
  createTeamMember,
  inviteTeamMember,
  listRoles,
  listTeam,
  removeTeamMember,
  signOutTeamMember,
  updateTeamMember,
} from '../../contract/team.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { teamRefusals } from '../../core/team/refusals.ts'
import { type Role, roles, roleWords } from '../../core/team/roles.ts'
import { change } from '../change.ts'
import type { Auth, Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { makeInvitation } from '../team/links.ts'
import { hasOtherAdmin, lockMember, type MemberRow, memberAnswer, memberSelect } from '../team/members.ts'
import { endSessionsOf, type Sessions } from '../team/sessions.ts'

/** Calls of the table of permissions, grouped by tag. */
const callsOf = (role: Role, writes: boolean) => {
  const may = (endpoints as readonly AnyEndpoint[]).filter(
    endpoint =>
      endpoint.scopes !== 'public' &&
      endpoint.scopes !== 'wallet' &&
      isWrite(endpoint) === writes &&
      mayCall({ role, operator: false }, endpoint),
  )
  return [...new Set(may.map(it => it.tag))].map(tag => ({
    tag,
    calls: may.filter(it => it.tag === tag).map(({ name, summary }) => ({ name, summary })),
  }))
}

/** An account is one for all workspaces: a workspace may say of it what concerns no other. */
const elsewhere = ({ auth }: { readonly auth: Auth }, { id, elsewhere, operator }: MemberRow): Refusal | undefined =>
  (elsewhere || operator) && auth.scope !== 'admin' && auth.keyId !== id
    ? refuse(teamRefusals.team_member_elsewhere, { id })
    : undefined

/** Who gets at nothing but a demo may be let in without a password. */
const mayVisit = async (tx: Queryable, workspaceId: string, { operator, elsewhere }: MemberRow): Promise<boolean> => {
  const { rows } = await tx.query('select 1 from workspaces where id = $1 and ahead_ms is not null', [workspaceId])
  return rows.length > 0 && !operator && !elsewhere
}

export const teamHandlers = (services: Services & { readonly sessions: Sessions }) => {
  const { database, clock, random, sessions } = services

  /** What was changed of who may do what binds in this process at once. */
  const bound = async <T>(changed: Promise<T>): Promise<T> => {
    const answer = await changed
    sessions.forget()
    return answer
  }

  const list: Handler<typeof listTeam> = async ({ query: { limit, cursor }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<MemberRow>(
      `${memberSelect} where r.workspace_id = $1 and m.id > $2 order by m.id limit $3`,
      [workspaceId, after.value, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, memberAnswer) }
  }

  const create: Handler<typeof createTeamMember> = call => {
    const { body } = call
    const now = clock()
    const { workspaceId, keyId } = call.auth
    const newId = makeId('tm', now, random(10))
    const changed = change(services, call, { action: 'createTeamMember', subject: newId, sealed: true }, async tx => {
      await tx.query(
        `insert into team_members as m (id, email, name, created_at) values ($1, $2, $3, to_timestamp($4 / 1000.0))
         on conflict (email) do update set name = excluded.name
         where not exists (select from team_roles r where r.member_id = m.id)`,
        [newId, body.email, body.name, now],
      )
      const { rows } = await tx.query<{ id: string }>('select id from team_members where email = $1 for update', [
        body.email,
      ])
      const { id } = rows[0]!
      const { affected } = await tx.query(
        `insert into team_roles (workspace_id, member_id, role, added_at, added_by)
         values ($1, $2, $3, to_timestamp($4 / 1000.0), $5) on conflict do nothing`,
        [workspaceId, id, body.role, now, keyId],
      )
      if (affected === 0) return no(refuse(teamRefusals.team_member_exists, { id }))
      const row = await lockMember(tx, workspaceId, id)
      if (!row.ok) return row
      const means = { now, random, origin: call.origin() }
      // A visit to a demo was let in without one; it ends where she gets at more.
      if (!row.value.has_password && row.value.elsewhere) await endSessionsOf(tx, id)
      // Whoever has no password yet may get another link here, unless the one she was given came from elsewhere.
      const mayInvite = !row.value.has_password && !elsewhere(call, row.value)
      const invitation = mayInvite ? await makeInvitation(tx, id, keyId, means) : null
      return ok({ status: 201, json: { ...memberAnswer(row.value), invitation }, subject: id })
    })
    return bound(changed)
  }

  const update: Handler<typeof updateTeamMember> = call => {
    const { id } = call.params
    const { name, role, operator } = call.body
    const { workspaceId, scope } = call.auth
    if (operator !== undefined && scope !== 'admin')
      return { refusal: refuse(commonRefusals.forbidden, { scope, allowed: 'admin, or an operator' }) }
    const changed = change(services, call, { action: 'updateTeamMember', subject: id }, async tx => {
      const before = await lockMember(tx, workspaceId, id)
      if (!before.ok) return before
      if (name !== undefined && name !== before.value.name) {
        const refusal = elsewhere(call, before.value)
        if (refusal) return no(refusal)
      }
      const after = {
        ...before.value,
        name: name ?? before.value.name,
        role: role ?? before.value.role,
        operator: operator ?? before.value.operator,
      }
      if (before.value.role === 'admin' && after.role !== 'admin' && !(await hasOtherAdmin(tx, workspaceId, id)))
        return no(refuse(teamRefusals.last_admin))
      await tx.query('update team_members set name = $2, operator = $3 where id = $1', [id, after.name, after.operator])
      await tx.query('update team_roles set role = $3 where workspace_id = $1 and member_id = $2', [
        workspaceId,
        id,
        after.role,
      ])
      return ok({ json: memberAnswer(after), was: memberAnswer(before.value) })
    })
    return bound(changed)
  }

  const remove: Handler<typeof removeTeamMember> = call => {
    const { id } = call.params
    const { workspaceId } = call.auth
    const changed = change(services, call, { action: 'removeTeamMember', subject: id }, async tx => {
      const row = await lockMember(tx, workspaceId, id)
      if (!row.ok) return row
      // With her only workspace would go the account of whoever runs the installation.
      const refusal = row.value.operator ? elsewhere(call, row.value) : undefined
      if (refusal) return no(refusal)
      if (row.value.role === 'admin' && !(await hasOtherAdmin(tx, workspaceId, id)))
        return no(refuse(teamRefusals.last_admin))
      await tx.query('delete from team_roles where workspace_id = $1 and member_id = $2', [workspaceId, id])
      await endSessionsOf(tx, id)
      if (!row.value.elsewhere) {
        await tx.query('delete from sign_in_links where member_id = $1', [id])
        // Her name stays for the audit log; nobody signs in as her.
        await tx.query('update team_members set password = null, operator = false where id = $1', [id])
      }
      return ok({ json: memberAnswer(row.value) })
    })
    return bound(changed)
  }

  const invite: Handler<typeof inviteTeamMember> = call => {
    const { id } = call.params
    return change(services, call, { action: 'inviteTeamMember', subject: id, sealed: true }, async tx => {
      const row = await lockMember(tx, call.auth.workspaceId, id)
      if (!row.ok) return row
      const refusal = elsewhere(call, row.value)
      if (refusal) return no(refusal)
      const means = { now: clock(), random, origin: call.origin() }
      const kind = call.query.visit ? 'visit' : 'invitation'
      if (kind === 'visit' && !(await mayVisit(tx, call.auth.workspaceId, row.value)))
        return no(refuse(teamRefusals.visit_refused, { id }))
      return ok({ status: 201, json: await makeInvitation(tx, id, call.auth.keyId, means, kind) })
    })
  }

  const signOut: Handler<typeof signOutTeamMember> = call => {
    const { id } = call.params
    const changed = change(services, call, { action: 'signOutTeamMember', subject: id }, async tx => {
      const row = await lockMember(tx, call.auth.workspaceId, id)
      if (!row.ok) return row
      const refusal = elsewhere(call, row.value)
      if (refusal) return no(refusal)
      await endSessionsOf(tx, id)
      return ok({ json: memberAnswer(row.value) })
    })
    return bound(changed)
  }

  const describeRoles: Handler<typeof listRoles> = () => ({
    json: {
      data: roles.map(role => ({
        role,
        description: roleWords[role],
        reads: callsOf(role, false),
        changes: callsOf(role, true),
      })),
    },
  })

  return {
    listTeam: list,
    createTeamMember: create,
    updateTeamMember: update,
    removeTeamMember: remove,
    inviteTeamMember: invite,
    signOutTeamMember: signOut,
    listRoles: describeRoles,
  }
}
