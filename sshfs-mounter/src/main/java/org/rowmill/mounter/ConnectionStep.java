package org.rowmill.mounter;

/** The steps by which a node is connected and prepared, in their order. */
public enum ConnectionStep {
    /** Resolves the node's name to IP addresses. */
    RESOLVE("resolve"),
    /** Opens a TCP connection to the SSH server. */
    CONNECT("connect"),
    /** Checks the server's host key. */
    HOST_KEY("host key"),
    /** Logs the user in. */
    AUTHENTICATE("authenticate"),
    /** Finds out what the node has: system, CPUs, Java, sshfs. */
    PROBE("probe"),
    /** Copies the files of consumer and project to the node's cache. */
    COPY("copy"),
    /** Copies a Java runtime to a node that has no Java 17 or newer. */
    JAVA("Java"),
    /** Mounts the project directory. */
    MOUNT("mount"),
    /** Connects the node to the broker. */
    BROKER("broker"),
    /** Starts the consumer. */
    CONSUMER("consumer");

    private final String text;

    ConnectionStep(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
