import { useEffect, useRef, useState } from 'react';
import { getRouteApi } from '@tanstack/react-router';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { follow, router } from '../../app/router';
import { checkedNext } from '../../app/next';
import { Door } from '../../components/Door';
import { FormErrors } from '../../components/FormErrors';
import { useI18n } from '../../i18n/i18n';
import { useSession, useSignIn } from '../../services/session';

const route = getRouteApi('/sign-in');

export default function SignInPage() {
  const { t } = useI18n();
  const { next } = route.useSearch();
  const session = useSession();
  const { signIn, isPending, error } = useSignIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useRef<InputProps.Ref>(null);
  const isSignedIn = Boolean(session.data?.viewer);
  useEffect(() => { if (isSignedIn) void router.navigate({ href: checkedNext(next), replace: true }); }, [isSignedIn, next]);
  const submit = () => {
    signIn(email, password).catch(() => { setPassword(''); passwordField.current?.focus(); });
  };
  return (
    <Door title={t('signin.title')}>
      <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <Container header={<Header variant="h1">{t('signin.title')}</Header>}>
          <Form>
            <SpaceBetween size="m">
              <FormErrors error={error} fields={[]} />
              <FormField label={t('field.email')} stretch>
                <Input value={email} type="email" autoComplete="username" autoFocus onChange={({ detail }) => setEmail(detail.value)} />
              </FormField>
              <FormField label={t('field.password')} stretch>
                <Input ref={passwordField} value={password} type="password" autoComplete="current-password" onChange={({ detail }) => setPassword(detail.value)} />
              </FormField>
              {session.data?.signInOptions.needsSetup && <Link href="/setup" onFollow={follow}>{t('signin.setup')}</Link>}
              <Button variant="primary" fullWidth formAction="submit" loading={isPending} disabled={!email || !password}>{t('signin.submit')}</Button>
            </SpaceBetween>
          </Form>
        </Container>
      </form>
    </Door>
  );
}
