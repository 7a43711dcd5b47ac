import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  CreateTokenDocument, CreateUserDocument, DeleteUserDocument, ResetPasswordDocument, RevokeTokenDocument, type TokenRowFragment, TokensDocument,
  type TokensQuery, UpdateUserDocument, type UserRowFragment, UsersDocument, type UsersQuery,
} from './generated/graphql';
import { useChange } from './mutation';
import { request } from './transport';

export type User = UserRowFragment;
export type Token = TokenRowFragment;
export type TokenScope = Token['scope'];

export function useUsers(first: number, after?: string) {
  return useQuery<UsersQuery['users']>({ queryKey: ['users', first, after], placeholderData: keepPreviousData, queryFn: ({ signal }) => request(UsersDocument, { first, after: after ?? null }, signal).then((data) => data.users) });
}
export const useCreateUser = () => useChange(CreateUserDocument, ['users']);
export const useUpdateUser = () => useChange(UpdateUserDocument, ['users']);
export const useDeleteUser = () => useChange(DeleteUserDocument, ['users']);
export const useResetPassword = () => useChange(ResetPasswordDocument);

export function useTokens(first: number, after?: string) {
  return useQuery<TokensQuery['apiTokens']>({ queryKey: ['tokens', first, after], placeholderData: keepPreviousData, queryFn: ({ signal }) => request(TokensDocument, { first, after: after ?? null }, signal).then((data) => data.apiTokens) });
}
export const useCreateToken = () => useChange(CreateTokenDocument, ['tokens']);
export const useRevokeToken = () => useChange(RevokeTokenDocument, ['tokens']);
