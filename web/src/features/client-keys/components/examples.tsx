// SPDX-License-Identifier: MIT
//
// First requests with a client key, in the dialects its pool can serve.

import { Group, SegmentedControl, Tabs, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pricesQuery } from '@/api/prices';
import type { Provider } from '@/api/types';
import { CodeBlock } from '@/components/code-block';
import { likelyGateway } from '@/lib/gateway';
import { readStored, writeStored } from '@/lib/storage';
import {
  EXAMPLE_DIALECTS, exampleModel, exampleText, TOOLS, type ExampleDialect, type Tool,
} from '../fns/examples';
import { poolDialects, type PoolGroup } from '../fns/pool';

/** `secret` is the key, or what stands for it when it is not known any more. */
export function Examples({ secret, groups }: { secret: string; groups: PoolGroup[] }) {
  const { t } = useTranslation();
  const served = poolDialects(groups);
  const dialects = EXAMPLE_DIALECTS.filter((one) => served.has(one));
  const [chosen, setChosen] = useState<ExampleDialect | null>(null);
  const [gateway, setGateway] = useState(() => readStored('gateway') ?? likelyGateway(location));

  const dialect = chosen ?? dialects[0];
  const provider = dialect && served.get(dialect);
  if (dialect === undefined || provider === undefined) {
    return <Text size="sm" c="dimmed">{t('examples.noPool')}</Text>;
  }
  const address = gateway.trim().replace(/\/+$/, '');

  return (
    <>
      <Group gap="sm" mb="xs" align="flex-end">
        <TextInput
          size="xs"
          flex="1 1 220px"
          label={t('examples.gateway')}
          value={gateway}
          onChange={(event) => {
            setGateway(event.currentTarget.value);
            writeStored('gateway', event.currentTarget.value);
          }}
        />
        {dialects.length > 1 && (
          <SegmentedControl
            size="xs"
            styles={{ root: { flexWrap: 'wrap' } }}
            aria-label={t('examples.dialect')}
            value={dialect}
            onChange={setChosen}
            data={dialects.map((value) => ({ value, label: t(`dialect.${value}`) }))}
          />
        )}
      </Group>
      <Tabs defaultValue="curl" variant="outline" keepMounted={false}>
        <Tabs.List>
          {TOOLS.map((tool) => (
            <Tabs.Tab key={tool} value={tool}>{t(`examples.tool.${tool}`)}</Tabs.Tab>
          ))}
        </Tabs.List>
        {TOOLS.map((tool) => (
          <Tabs.Panel key={tool} value={tool}>
            <Example tool={tool} dialect={dialect} provider={provider} gateway={address} secret={secret} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <Text size="xs" c="dimmed" mt={6}>{t('examples.gatewayAbout')}</Text>
    </>
  );
}

interface ExampleProps {
  tool: Tool;
  dialect: ExampleDialect;
  provider: Provider;
  gateway: string;
  secret: string;
}

function Example({ tool, dialect, provider, gateway, secret }: ExampleProps) {
  const { t } = useTranslation();
  const prices = useQuery(pricesQuery);
  const model = exampleModel(dialect, provider, prices.data ?? []);
  const text = exampleText(tool, { dialect, gateway, key: secret, model });
  return <CodeBlock underTabs text={text} label={t('examples.copy')} testId={`example-${tool}`} />;
}
