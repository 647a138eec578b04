/** What is asked first. */
export const QUESTION = { agentId: 'agent', state: 'state-7' } as const
