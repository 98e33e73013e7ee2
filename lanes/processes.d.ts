import { type ChildProcess, type SpawnOptions } from 'node:child_process';
/** Starts a program as the leader of a new process group and keeps track of it. */
export declare function startGroup(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
/** Keeps a process group, named by its leader's pid, until `endGroup` or the end of this process. */
export declare function track(group: number): void;
/** The tracked groups. */
export declare function tracked(): number[];
/** Ends a group: SIGTERM, after `grace_ms` SIGKILL. Resolves when no live process of it is left; false when one stays. */
export declare function endGroup(group: number, grace_ms: number): Promise<boolean>;
/** Kills every tracked group at once, without waiting. */
export declare function endAll(): void;
/** The live processes of a group; zombies are not live. */
export declare function groupMembers(group: number): number[];
/** The group of a child of this process that has `marker` in its environment, or null: how to find a program that a library started. */
export declare function groupByMarker(marker: string): number | null;
