import { audit } from './npm-audit';

/** `npm run audit`. */
audit(process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
