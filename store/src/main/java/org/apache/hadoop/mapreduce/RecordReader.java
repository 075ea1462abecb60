package org.apache.hadoop.mapreduce;

/**
 * Replaces the Hadoop class of the same name. Signatures of parquet-hadoop contain it, so it must exist, but the
 * configuration without Hadoop never calls it. hadoop-common would add 70 MB to the jar.
 */
public class RecordReader {}
