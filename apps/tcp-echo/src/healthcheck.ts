#!/usr/bin/env node
import { runHealthcheck } from '@socklab/service/healthcheck';

await runHealthcheck('TCP_ECHO_ADMIN', process);
