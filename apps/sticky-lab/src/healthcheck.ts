#!/usr/bin/env node
import { runHealthcheck } from '@socklab/service/healthcheck';

await runHealthcheck('STICKY_LAB_ADMIN', process);
