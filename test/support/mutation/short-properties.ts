import fc from 'fast-check';

// Mutation tests run each property for hundreds of mutants.
fc.configureGlobal({ interruptAfterTimeLimit: 2000 });
