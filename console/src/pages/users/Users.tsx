import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { flash } from '../../app/flash';
import { Confirm, FormModal } from '../../components/Confirm';
import { errorOf, FormErrors } from '../../components/FormErrors';
import type { Column } from '../../components/ListPage';
import { Time } from '../../components/parts';
import { counterOf, firstPlace, LocalPages, type Place } from '../../components/LocalPages';
import { PlainTable } from '../../components/PlainTable';
import { ShownOnce } from '../../components/ShownOnce';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useRole, type Role } from '../../services/session';
import { useCreateUser, useDeleteUser, useResetPassword, useUpdateUser, useUsers, type User } from '../../services/users';

const pageSize = 50;
/** The token is in the fragment: it reaches no proxy's log. */
const linkOf = (token: string | null) => `${location.origin}/set-password#token=${token ?? ''}`;
const roles = ['VIEWER', 'OPERATOR', 'ADMIN'] as const satisfies readonly Role[];

function RoleField({ value, onChange, error }: { value: Role; onChange: (role: Role) => void; error?: string }) {
  const { t } = useI18n();
  const options = roles.map((role) => ({ value: role, label: t(`role.${role}`), description: t(`role.${role}.text`) }));
  return (
    <FormField label={t('field.role')} stretch errorText={error}>
      <Select expandToViewport selectedOption={options.find((option) => option.value === value) ?? null} options={options} onChange={({ detail }) => onChange(detail.selectedOption.value as Role)} />
    </FormField>
  );
}

function CreateUser({ onDone, onDismiss }: { onDone: (url: string, name: string) => void; onDismiss: () => void }) {
  const { t } = useI18n();
  const change = useCreateUser();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('VIEWER');
  return (
    <FormModal title={t('users.create')} action={t('users.create')} isPending={change.isPending} disabled={!name || !email} onDismiss={onDismiss}
      onSubmit={() => change.mutate({ input: { name, email, role } }, { onSuccess: ({ createUser }) => onDone(linkOf(createUser.setPasswordToken), name) })}>
      <FormErrors error={change.error} fields={['name', 'email', 'role']} />
      <FormField label={t('field.name')} stretch errorText={errorOf(change.error, 'name')}><Input value={name} autoFocus autoComplete="off" onChange={({ detail }) => setName(detail.value)} /></FormField>
      <FormField label={t('field.email')} stretch errorText={errorOf(change.error, 'email')}><Input value={email} type="email" autoComplete="off" onChange={({ detail }) => setEmail(detail.value)} /></FormField>
      <RoleField value={role} onChange={setRole} error={errorOf(change.error, 'role')} />
    </FormModal>
  );
}

function ChangeRole({ user, onDismiss }: { user: User; onDismiss: () => void }) {
  const { t } = useI18n();
  const change = useUpdateUser();
  const [role, setRole] = useState<Role>(user.role);
  return (
    <FormModal title={t('users.role.of', { name: user.name })} action={t('users.role')} isPending={change.isPending} disabled={role === user.role} onDismiss={onDismiss}
      onSubmit={() => change.mutate({ input: { id: user.id, role, revision: user.revision } }, { onSuccess: () => { flash('success', t('users.role.done', { name: user.name })); onDismiss(); } })}>
      <FormErrors error={change.error} fields={['role']} />
      <RoleField value={role} onChange={setRole} error={errorOf(change.error, 'role')} />
    </FormModal>
  );
}

function DeleteUser({ user, onDismiss }: { user: User; onDismiss: () => void }) {
  const { t } = useI18n();
  const change = useDeleteUser();
  return (
    <Confirm title={t('users.delete.of', { name: user.name })} action={t('users.delete')} isPending={change.isPending} error={change.error} onDismiss={onDismiss}
      onConfirm={() => change.mutate({ input: { id: user.id } }, { onSuccess: () => { flash('success', t('users.delete.done', { name: user.name })); onDismiss(); } })}>
      <Box>{t('users.delete.text', { email: user.email })}</Box>
    </Confirm>
  );
}

type Open = { kind: 'create' } | { kind: 'link'; url: string; name: string } | { kind: 'role' | 'delete'; user: User };

/** Administrators see all users; the last administrator stays one. */
export function Users() {
  const { t } = useI18n();
  const f = useFormat();
  const { viewer } = useRole();
  const [place, go] = useState<Place>(firstPlace);
  const query = useUsers(pageSize, place.after);
  const update = useUpdateUser();
  const reset = useResetPassword();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const failed = (error: Error) => flash('error', error.message);
  const act = (user: User, action: string) => {
    if (action === 'role' || action === 'delete') setOpen({ kind: action, user });
    else if (action === 'reset') reset.mutate({ input: { id: user.id } }, {
      onSuccess: ({ resetPassword }) => { setOpen({ kind: 'link', url: linkOf(resetPassword.setPasswordToken), name: user.name }); reset.reset(); }, onError: failed,
    });
    else update.mutate({ input: { id: user.id, isDisabled: !user.isDisabled, revision: user.revision } }, { onError: failed });
  };
  const columns: Column<User>[] = [
    { id: 'name', header: t('field.name'), cell: (user) => <div className="dth-two"><b>{user.name}</b><span className="dth-small dth-muted">{user.email}</span></div> },
    { id: 'role', short: true, header: t('field.role'), width: 150, cell: (user) => t(`role.${user.role as (typeof roles)[number]}`) },
    { id: 'state', short: true, header: t('field.state'), width: 150, cell: (user) => <StatusIndicator type={user.isDisabled ? 'stopped' : 'success'}>{t(user.isDisabled ? 'userstate.DISABLED' : 'userstate.ACTIVE')}</StatusIndicator> },
    { id: 'signin', short: true, header: t('users.col.signin'), width: 170, cell: (user) => user.lastSignInAt ? <Time at={user.lastSignInAt} /> : <span className="dth-muted">{t('users.never')}</span> },
    { id: 'act', short: true, header: t('actions'), width: 120, cell: (user) => (
      <ButtonDropdown variant="inline-icon" expandToViewport ariaLabel={t('users.actions', { name: user.name })} onItemClick={({ detail }) => act(user, detail.id)} items={[
        { id: 'role', text: t('users.role') }, { id: 'reset', text: t('users.reset') },
        { id: 'state', text: t(user.isDisabled ? 'users.enable' : 'users.disable'), disabled: user.id === viewer?.user?.id, disabledReason: t('users.self') },
        { id: 'delete', text: t('users.delete'), disabled: user.id === viewer?.user?.id, disabledReason: t('users.self') },
      ]} />
    ) },
  ];
  return (
    <>
      <PlainTable<User> title={t('users.tab.users')} counter={counterOf(place, query.data, f)} pagination={<LocalPages place={place} data={query.data} onGo={go} />} columns={columns} items={query.data?.nodes} idOf={(user) => user.id}
        loading={query.isPending} error={query.error} onRetry={() => void query.refetch()} empty={{ title: t('users.none') }}
        actions={<Button variant="primary" onClick={() => setOpen({ kind: 'create' })}>{t('users.create')}</Button>} />
      {open?.kind === 'create' && <CreateUser onDismiss={close} onDone={(url, name) => setOpen({ kind: 'link', url, name })} />}
      {open?.kind === 'link' && <ShownOnce title={t('users.link.of', { name: open.name })} text={t('users.link.text')} secret={open.url} onDismiss={close} />}
      {open?.kind === 'role' && <ChangeRole user={open.user} onDismiss={close} />}
      {open?.kind === 'delete' && <DeleteUser user={open.user} onDismiss={close} />}
    </>
  );
}
