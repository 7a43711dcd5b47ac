import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import {
  ChangePasswordDocument, CreateFirstAdministratorDocument, EndSessionsDocument, SessionDocument, type SessionQuery, SessionsDocument, SetPasswordDocument,
  SignInDocument, SignOutDocument,
} from './generated/graphql';
import { useChange } from './mutation';
import { request } from './transport';

export type Viewer = NonNullable<SessionQuery['viewer']>;
export type Role = Viewer['role'];
const key = ['session'];
const ranks: Record<Role, number> = { ANYONE: 0, VIEWER: 1, OPERATOR: 2, ADMIN: 3 };

export function useSession() {
  return useQuery({ queryKey: key, staleTime: 60_000, queryFn: ({ signal }) => request(SessionDocument, {}, signal) });
}
/** The session is over: pages go to the sign-in. */
export const endSession = (client: QueryClient) => client.setQueryData<SessionQuery>(key, (known) => known && { ...known, viewer: null });

export const allows = (viewer: Pick<Viewer, 'role'> | null | undefined, role: Role) => ranks[viewer?.role ?? 'ANYONE'] >= ranks[role];
export function useRole() {
  const { data } = useSession();
  return { viewer: data?.viewer ?? null, can: (role: Role) => allows(data?.viewer, role) };
}

/** Everything on screen belonged to somebody else. */
function useFresh() {
  const client = useQueryClient();
  return () => {
    client.getMutationCache().clear();
    return client.resetQueries();
  };
}
export function useSignIn() {
  const fresh = useFresh();
  const change = useChange(SignInDocument);
  return { ...change, signIn: (email: string, password: string) => change.mutateAsync({ input: { email, password } }).then(fresh) };
}
export function useSignOut() {
  const client = useQueryClient();
  const change = useChange(SignOutDocument);
  return async () => {
    await change.mutateAsync({});
    endSession(client);
    client.getMutationCache().clear();
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
    await client.invalidateQueries({ queryKey: key });
  };
}
export function useCreateFirstAdministrator() {
  const fresh = useFresh();
  const change = useChange(CreateFirstAdministratorDocument);
  return { ...change, create: (input: { setupToken: string; name: string; email: string; password: string }) => change.mutateAsync({ input }).then(fresh) };
}
export const useSetPassword = () => useChange(SetPasswordDocument);
export const useChangePassword = () => useChange(ChangePasswordDocument, ['sessions']);
export const useEndSessions = () => useChange(EndSessionsDocument, ['sessions']);
export function useSessions() {
  return useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => request(SessionsDocument, {}, signal).then((data) => data.sessions) });
}
