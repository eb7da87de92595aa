import './require-node';
import { runCommand } from '../terminal/command';
import { createProgram } from './program';

runCommand(createProgram(), process.argv.slice(2));
