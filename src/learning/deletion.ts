/** The entry point of the lazy module `deletion`: what deletes experiences, or everything that an agent learned. */

export { resetAgent } from './agents/reset-agent.ts'
export { checkDeletion, deleteExperiences } from './experiences/delete-experiences.ts'
