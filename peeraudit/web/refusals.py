"""How is what the domain refuses shown beside the fields of a form?"""

from flask_wtf import FlaskForm

from peeraudit.domain.errors import DomainError, InvalidFields
from peeraudit.web.errors import tell


def show_refusal(form: FlaskForm, error: DomainError) -> None:
    """Write what was refused beside its fields, and above the form where no field bears it.

    Args:
        form: whose fields are named as the domain names them, dots as underscores.
        error: what the service raised.
    """
    problems = error.fields if isinstance(error, InvalidFields) else {"": error}
    for path, problem in problems.items():
        field = form._fields.get(path.replace(".", "_"))
        if field is None:
            form.form_errors.append(tell(problem))
        else:
            field.errors = [*field.errors, tell(problem)]
