import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  CreateCredentialDocument, CredentialKindsDocument, type CredentialKindsQuery, type CredentialRowFragment, CredentialsDocument, type CredentialsQuery,
  DeleteCredentialDocument, RotateCredentialDocument,
} from './generated/graphql';
import { useKeyedChange } from './mutation';
import { request } from './transport';

export type Credential = CredentialRowFragment;
export type CredentialKind = CredentialKindsQuery['credentialKinds'][number];
export type CredentialField = CredentialKind['secrets'][number];

export function useCredentials(first: number, after?: string, enabled = true) {
  return useQuery<CredentialsQuery['credentials']>({
    queryKey: ['credentials', first, after], placeholderData: keepPreviousData, enabled,
    queryFn: ({ signal }) => request(CredentialsDocument, { first, after: after ?? null }, signal).then((data) => data.credentials),
  });
}
export function useCredentialKinds() {
  return useQuery({ queryKey: ['credentialKinds'], staleTime: Infinity, queryFn: ({ signal }) => request(CredentialKindsDocument, {}, signal).then((data) => data.credentialKinds) });
}
export const useCreateCredential = () => useKeyedChange(CreateCredentialDocument, ['credentials']);
export const useRotateCredential = () => useKeyedChange(RotateCredentialDocument, ['credentials']);
export const useDeleteCredential = () => useKeyedChange(DeleteCredentialDocument, ['credentials']);
