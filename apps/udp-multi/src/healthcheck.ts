#!/usr/bin/env node
import { runHealthcheck } from '@socklab/service/healthcheck';

await runHealthcheck('UDP_MULTI_ADMIN', process);
