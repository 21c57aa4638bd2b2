"""The screens of the documentation, made by the program itself on scenes that it draws."""
