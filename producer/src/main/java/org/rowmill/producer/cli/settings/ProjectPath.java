package org.rowmill.producer.cli.settings;

import java.nio.file.Path;

/**
 * A path of an option that names a file or directory of the project, wherever the command is called.
 *
 * @param path relative to the project, or absolute
 */
public record ProjectPath(Path path) {}
