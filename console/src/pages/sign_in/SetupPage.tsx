import { useEffect, useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { router } from '../../app/router';
import { takeFragment } from '../../app/fragment';
import { CodeLine } from '../../components/parts';
import { Door } from '../../components/Door';
import { errorOf, FormErrors } from '../../components/FormErrors';
import { NewPassword } from '../../components/NewPassword';
import { useI18n } from '../../i18n/i18n';
import { useCreateFirstAdministrator, useSession } from '../../services/session';

const fields = ['name', 'email', 'password'];

/** The first start: the link that the hub printed makes its first administrator. */
export default function SetupPage() {
  const { t } = useI18n();
  const session = useSession();
  const [setupToken] = useState(() => takeFragment('token'));
  const { create, isPending, error } = useCreateFirstAdministrator();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const isSignedIn = Boolean(session.data?.viewer);
  const isOver = session.data && !session.data.signInOptions.needsSetup && !isSignedIn;
  useEffect(() => { if (isSignedIn) void router.navigate({ href: '/overview', replace: true }); }, [isSignedIn]);
  if (isOver) {
    return (
      <Door title={t('setup.title')}>
        <Container header={<Header variant="h1">{t('setup.title')}</Header>}>
          <SpaceBetween size="m"><span>{t('setup.over')}</span><Button variant="primary" onClick={() => void router.navigate({ href: '/sign-in' })}>{t('signin.title')}</Button></SpaceBetween>
        </Container>
      </Door>
    );
  }
  if (!setupToken) {
    return (
      <Door title={t('setup.title')}>
        <Container header={<Header variant="h1">{t('setup.title')}</Header>}>
          <SpaceBetween size="m">
            <Alert type="info" header={t('setup.link')}>{t('setup.link.text')}</Alert>
            <CodeLine text={`${location.origin}/setup#token=…`} />
            <span className="dth-muted">{t('setup.link.host')}</span>
            <CodeLine text="dth admin create-user" />
          </SpaceBetween>
        </Container>
      </Door>
    );
  }
  return (
    <Door title={t('setup.title')}>
      <form onSubmit={(event) => { event.preventDefault(); create({ setupToken, name, email, password }).catch(() => undefined); }}>
        <Container header={<Header variant="h1" description={t('setup.text')}>{t('setup.title')}</Header>}>
          <Form>
            <SpaceBetween size="m">
              <FormErrors error={error} fields={fields} />
              <FormField label={t('field.name')} stretch errorText={errorOf(error, 'name')}>
                <Input value={name} autoComplete="name" autoFocus onChange={({ detail }) => setName(detail.value)} />
              </FormField>
              <FormField label={t('field.email')} stretch errorText={errorOf(error, 'email')}>
                <Input value={email} type="email" autoComplete="username" onChange={({ detail }) => setEmail(detail.value)} />
              </FormField>
              <NewPassword stretch label={t('field.password')} value={password} error={errorOf(error, 'password')} onChange={setPassword} />
              <Button variant="primary" fullWidth formAction="submit" loading={isPending} disabled={!name || !email || !password}>{t('setup.submit')}</Button>
            </SpaceBetween>
          </Form>
        </Container>
      </form>
    </Door>
  );
}
