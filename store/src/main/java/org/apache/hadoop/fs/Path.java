package org.apache.hadoop.fs;

/**
 * Stands in for Hadoop's class of that name: parquet-hadoop names it in signatures, so that it must be there, but never calls it
 * where its Hadoop-free configuration is used. hadoop-common would add 70 MB to the jar.
 */
public class Path {}
