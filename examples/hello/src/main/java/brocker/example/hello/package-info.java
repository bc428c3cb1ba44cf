/** A small Spring Boot application that tells which container answered. */
package brocker.example.hello;
