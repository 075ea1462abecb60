package org.apache.hadoop.fs;

/**
 * Replaces the Hadoop class of the same name. Signatures of parquet-hadoop contain it, so it must exist, but the
 * configuration without Hadoop never calls it. Why Hadoop itself is left out: docs/adr/003-parquet-without-hadoop.md.
 */
public class Path {}
