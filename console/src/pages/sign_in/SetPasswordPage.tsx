import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { takeFragment } from '../../app/fragment';
import { router } from '../../app/router';
import { Door } from '../../components/Door';
import { errorOf, FormErrors } from '../../components/FormErrors';
import { NewPassword } from '../../components/NewPassword';
import { useI18n } from '../../i18n/i18n';
import { useSetPassword } from '../../services/session';

/** The link that an administrator gave: its owner sets a password with it, once. */
export default function SetPasswordPage() {
  const { t } = useI18n();
  const [token] = useState(() => takeFragment('token'));
  const [password, setPassword] = useState('');
  const [isDone, finish] = useState(false);
  const change = useSetPassword();
  const submit = () => { if (token) change.mutate({ input: { token, password } }, { onSuccess: () => { finish(true); setPassword(''); change.reset(); } }); };
  const signIn = <Button variant="primary" onClick={() => void router.navigate({ href: '/sign-in' })}>{t('signin.title')}</Button>;
  return (
    <Door title={t('setpassword.title')}>
      <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <Container header={<Header variant="h1">{t('setpassword.title')}</Header>}>
          {!token && <SpaceBetween size="m"><Alert type="info">{t('setpassword.link')}</Alert>{signIn}</SpaceBetween>}
          {token && isDone && <SpaceBetween size="m"><Alert type="success">{t('setpassword.done')}</Alert>{signIn}</SpaceBetween>}
          {token && !isDone && (
            <Form>
              <SpaceBetween size="m">
                <FormErrors error={change.error} fields={['password']} />
                <NewPassword stretch label={t('field.newPassword')} value={password} error={errorOf(change.error, 'password')} onChange={setPassword} />
                <Button variant="primary" fullWidth formAction="submit" loading={change.isPending} disabled={!password}>{t('setpassword.submit')}</Button>
              </SpaceBetween>
            </Form>
          )}
        </Container>
      </form>
    </Door>
  );
}
